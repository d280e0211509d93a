"""Durable jobs: taken in, waited for by turns, solved in processes of their own, and never lost.

The store is the truth: a job is what its row says. DBOS keeps *tickets*, one put for each job, each of them
the promise that some worker will look for jobs and run them until none waits. A ticket that is lost is made
again by the sweep; one too many finds nothing to do.
"""
