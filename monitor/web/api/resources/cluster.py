"""Workers that share a database: what the page of them shows, as figures."""

from __future__ import annotations

from typing import Final

from monitor.cluster.asked import fleet_of
from monitor.web.api.operation import Answer, Call, Operation
from monitor.web.api.shapes.cluster import Cluster, Fleet


def read(call: Call) -> Answer:
    with call.desk.reader() as reader:
        fleet = fleet_of(reader)
    if fleet is None:
        return Answer(Cluster(fleet=None))
    from monitor.cluster.told import as_json
    from monitor.cluster.troubles import found

    told = as_json(fleet, found(fleet), call.visit.language)
    return Answer(Cluster(fleet=Fleet.model_validate(told)))


OPERATIONS: Final = (
    Operation(
        id="getCluster",
        method="GET",
        path="/cluster",
        tag="operations",
        summary="How workers that share a database do",
        act=read,
        answers=Cluster,
    ),
)
