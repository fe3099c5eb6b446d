"""The Archive page: questions to an ADS-B archive, answered on a map and in a table, and taken into cases.

``page`` draws it. ``given`` keeps what was typed, ``forms`` and ``drawing`` are the fields and the map, ``question`` is
what was asked; ``asking`` runs it in a thread of its own, ``answering`` reads the answer, ``telling`` words it and
``giving`` hands it to the browser; ``taking`` puts flights into a case. Nothing of this is loaded where no archive is
configured.
"""
