"""What does Koers hold about a person, why, how long, and how does it let go of it?"""
