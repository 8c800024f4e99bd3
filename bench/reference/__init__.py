"""The reference: the same tasks behind the same routes, written as a Django developer usually writes them.

Django REST framework's viewset, nested model serializers over `select_related` and `prefetch_related`, a JWT class that
loads its user, gunicorn. It is measured beside Baton, and is nothing anybody should run.
"""
