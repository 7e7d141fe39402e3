"""The networks that metrics look through: plain torch, their parameters named as published."""
