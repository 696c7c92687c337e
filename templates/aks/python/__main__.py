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
        network=EgressNetworkOptionsArgs(
            # Docker Hub, where Istio's images are, until they are in a registry of yours: registry_ids and mesh.hub.
            allowed_fqdns=[
                "registry-1.docker.io",
                "auth.docker.io",
                "production.cloudflare.docker.com",
                "production.cloudfront.docker.com",
                "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
            ],
        ),
        cluster=AksClusterOptionsArgs(
            # Without the next two lines, the API server is private. Then set network.connected_elsewhere, if updates run in a connected network.
            access="authorizedRanges",
            authorized_ip_ranges=[config.require("updatesFrom")],
            kubernetes_version="1.36",
            system_pool=NodePoolArgs(vm_size="Standard_D4ds_v5", min_nodes=2),
            egress_pool=NodePoolArgs(vm_size="Standard_D2ds_v5", min_nodes=2),
        ),
        # A virtual machine that stands for the partner until the real one answers.
        partner=AksPartnerArgs(hosts=["api.partner.internal"]),
    ),
    routes=[
        EnvironmentRouteArgs(
            name="partner",
            hosts=["api.partner.internal"],
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
