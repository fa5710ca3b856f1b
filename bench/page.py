def write(kept, path):
    pass
