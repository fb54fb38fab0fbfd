"""What do the customers tell the stages above?"""

from django.dispatch import Signal

# Rows of other stages changed company by a merge or its undo; sends ``company_ids``.
orders_may_have_moved = Signal()
