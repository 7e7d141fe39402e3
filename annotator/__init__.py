"""The Triptych application: rooms in the order the data flows, and the two doors to them."""
