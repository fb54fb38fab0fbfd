"""How is everything Koers holds put into one file, and brought back whole?"""
