import { Config } from "@pulumi/pulumi";
import { AksEgressEnvironment } from "mesh-egress";

const config = new Config();

const environment = new AksEgressEnvironment("egress", {
    azure: {
        location: config.require("location"),
        // az ad group show --group <name> --query id --output tsv
        adminGroup: config.require("adminGroup"),
        network: {
            // Docker Hub, where Istio's images are, until they are in a registry of yours: cluster.registryIds and mesh.hub.
            allowedFqdns: [
                "registry-1.docker.io",
                "auth.docker.io",
                "production.cloudflare.docker.com",
                "production.cloudfront.docker.com",
                "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
            ],
        },
        cluster: {
            // Without the next two lines, the API server is private. Then set network.connectedElsewhere, if updates run in a connected network.
            access: "authorizedRanges",
            authorizedIpRanges: [config.require("updatesFrom")],
            kubernetesVersion: "1.36",
            systemPool: { vmSize: "Standard_D4ds_v5", minNodes: 2 },
            egressPool: { vmSize: "Standard_D2ds_v5", minNodes: 2 },
        },
        // A virtual machine that stands for the partner until the real one answers.
        partner: { hosts: ["api.partner.internal"] },
    },
    routes: [
        {
            name: "partner",
            hosts: ["api.partner.internal"],
            allowFrom: [
                {
                    namespace: config.require("callerNamespace"),
                    serviceAccounts: [config.require("callerServiceAccount")],
                },
            ],
        },
    ],
});

// What the partner puts on its allow list, and what it is asked to trust.
export const egressPrefix = environment.egressPrefix;
export const clientCa = environment.clientCa;
