"""Push: saying things to people at the right time, without saying anything on the way."""
