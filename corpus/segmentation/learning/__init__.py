"""Making the weights from threads whose posts are known, and measuring what they recover.

Nothing here is needed to recover structure. Training needs scikit-learn (extra "train").
"""
