"""Durable jobs: taken in, waited for by turns, solved in processes of their own, and never lost.

The store is the truth: a job is what its row says. DBOS keeps *tickets*, one a job, each of them the
promise that some worker will look for the next job and do it. A ticket that is lost is made again by the
sweep; one too many finds nothing to do.
"""
