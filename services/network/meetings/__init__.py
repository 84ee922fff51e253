"""Network meetings and the anonymous forms that evaluate them."""
