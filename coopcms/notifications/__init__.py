"""Mail: what is said to whom, decided in the transaction that causes it, delivered after it.

``rules`` and ``send`` put mail into the outbox, ``words`` and ``letters`` make it when it leaves, ``delivery`` takes it out, and
``transport`` hands it over.
"""
