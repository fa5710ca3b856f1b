"""Pages, a file for each kind of work. Each module offers ``urlpatterns`` made by ``page``."""
