"""Every change of the database's form, in order; run by `api.store.migrate`."""
