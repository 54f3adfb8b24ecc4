"""Letters of thanks: an example of a package that adds mechanisms to scslab. Importing `mechanisms` registers them."""
