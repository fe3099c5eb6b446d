"""Archives: find the flights in billions of received positions, on a laptop or on a cluster.

``build`` lays files of receivers down in an order in which questions read little; ``Archive.open`` asks them. The
extra ``archive`` has what it needs: ``pip install 'flightcase[archive]'``; ``spark`` and ``trino`` are for engines of
others. What an archive is made of: ``tables`` (columns), ``block`` (rows in memory), ``catalogue`` (which days are
there), ``layout`` (how a day lies on disk), ``sources`` (what is read), ``kernel`` (legs and jumps), ``building``.
"""
