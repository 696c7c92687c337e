import pulumi
from pulumi_mesh_egress import (
    AksClusterOptionsArgs,
    AksEgressEnvironment,
    AksOptionsArgs,
    AksPartnerArgs,
    AllowedCallerArgs,
    EgressNetworkOptionsArgs,
    EnvironmentRouteArgs,
    NodePoolArgs,
)

config = pulumi.Config()

environment = AksEgressEnvironment(
    "egress",
    azure=AksOptionsArgs(
        location=config.require("location"),
        # az ad group show --group <name> --query id --output tsv
        admin_group=config.require("adminGroup"),
        # The API server is private: run the update from a network that is connected with the new one.
        network=EgressNetworkOptionsArgs(connected_elsewhere=True),
        cluster=AksClusterOptionsArgs(
            kubernetes_version="1.36",
            system_pool=NodePoolArgs(vm_size="Standard_D4ds_v5", min_nodes=2),
            egress_pool=NodePoolArgs(vm_size="Standard_D2ds_v5", min_nodes=2),
        ),
        # A virtual machine that stands for the partner until the real one answers.
        partner=AksPartnerArgs(zone_name="partner.example", hosts=["api.partner.example"]),
    ),
    routes=[
        EnvironmentRouteArgs(
            name="partner",
            hosts=["api.partner.example"],
            allow_from=[
                AllowedCallerArgs(
                    namespace=config.require("callerNamespace"),
                    service_accounts=[config.require("callerServiceAccount")],
                )
            ],
        )
    ],
)

# What the partner puts on its allow list, and what it is asked to trust.
pulumi.export("egressPrefix", environment.egress_prefix)
pulumi.export("clientCa", environment.client_ca)
