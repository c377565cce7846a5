"""A texture in the picture is found in no file, deleted block, socket, shared memory or log."""
