"""One channel for everybody: what waits for whom, in the web, by mail and by telephone."""
