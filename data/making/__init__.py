"""Parts of the generator of `data/ludwigsburg/`: written tables, and what is drawn around them."""
