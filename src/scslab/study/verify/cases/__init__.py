"""The cases, a module a subject; every module here is imported by itself."""
