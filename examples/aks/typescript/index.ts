import { Config } from "@pulumi/pulumi";
import { EgressEnvironment, MeshFlavour } from "mesh-egress";

const config = new Config();

const environment = new EgressEnvironment("egress", {
    // Istio is the cluster's managed add-on, of the revision that `az aks show` tells.
    mesh: { flavour: MeshFlavour.AksAddon, revision: "asm-1-30" },
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
            hosts: ["api.partner.example"],
            allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
            serverCa: config.require("serverCa"),
        },
    ],
});

// What the partner is asked to trust.
export const clientCa = environment.clientCa;
