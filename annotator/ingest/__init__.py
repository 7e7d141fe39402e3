"""An upload becomes images and items: archive, manifest, sandboxed decoding, stretch by stretch."""
