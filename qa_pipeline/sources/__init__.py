"""Where recordings come from: folders, manifests, file names."""
