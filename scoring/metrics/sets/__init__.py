"""Metrics of whole sets of images: FID, KID, inception score, precision and recall."""
