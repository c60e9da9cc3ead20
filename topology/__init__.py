"""What a lab is: topology files, what checks them, and what is rendered from them."""
