import { Config } from "@pulumi/pulumi";
import { EgressEnvironment, MeshFlavour } from "mesh-egress";

const config = new Config();

const environment = new EgressEnvironment("egress", {
    // Istio is the cluster's managed add-on.
    mesh: { flavour: MeshFlavour.AksAddon, revision: config.require("revision") },
    gateway: {
        addon: {
            // The cluster's pool of gateway nodes, and the public prefix that it leaves from.
            nodePool: "egress",
            egressPrefixId: config.require("egressPrefixId"),
        },
    },
    routes: [
        {
            name: "partner",
            hosts: [config.require("host")],
            allowFrom: [
                {
                    namespace: config.require("callerNamespace"),
                    serviceAccounts: [config.require("callerServiceAccount")],
                },
            ],
            serverCa: config.require("serverCa"),
        },
    ],
});

// What the partner is asked to trust.
export const clientCa = environment.clientCa;
