"""Change requests on released orders.

Proposed by a person or by the ERP, shown with the difference and what is already done, applied or refused by a person.
"""
