"""The networks that metrics run: plain torch, their parameters named as published."""
