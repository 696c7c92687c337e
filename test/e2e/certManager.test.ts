import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { CertManagerChain, CertificateDetails, EgressGateway, EgressRoute, MtlsServer } from "../../components";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { LocalSettings } from "../../lab/proof/program";
import { startCaller } from "../../lab/proof/workloads";
import { CertManagerControllers } from "../support/certManager";
import { meshReference } from "../support/meshReference";
import { listening, localEnvironment } from "../support/localEnvironment";
import { machine } from "../support/machine";

const HOST = "managed.partner.example";
const CALLERS = "certs-managed-callers";
const GATEWAY = "certs-managed-egress";
const SERVER = "certs-managed-server";
const CREDENTIAL = "managed";

/** A minute, of which a quarter is used: nobody has the time to wait for more. */
const shortLived: pulumi.ResourceTransform = ({ name, props, opts }) =>
    name === "managed-client-partner"
        ? { props: { ...props, spec: pulumi.output(props.spec as object).apply(brief) }, opts }
        : undefined;

function brief(spec: object) {
    return { ...spec, duration: "1m", renewBefore: "45s" };
}

function program(local: LocalSettings) {
    return () => {
        const provider = new Provider("cluster", {
            ...local.cluster,
            enableSecretMutable: true,
            enableConfigMapMutable: true,
        });
        const opts = { providers: [provider] };
        const gateway = new EgressGateway(
            "managed-gateway",
            { namespace: GATEWAY, gatewayName: GATEWAY, minReplicas: 1, mesh: meshReference(local) },
            opts,
        );
        const secret = "managed-server";
        const server = new MtlsServer(
            "managed-server",
            { namespace: SERVER, hosts: [HOST], image: local.nginxImage, certificateSecret: secret },
            opts,
        );
        const chain = new CertManagerChain(
            "managed",
            {
                gateway,
                serverHosts: [HOST],
                serverNamespace: server.namespace,
                serverSecret: secret,
                clients: [{ name: "partner", secretName: CREDENTIAL }],
            },
            { ...opts, transforms: [shortLived] },
        );
        new EgressRoute(
            "managed-route",
            {
                gateway,
                credential: chain.clientSecrets.apply(({ partner }) => partner),
                hosts: [HOST],
                address: server.address,
                allowFrom: [{ namespace: CALLERS }],
                maxConnectionSeconds: 5,
            },
            opts,
        );
        const labels = { "istio-injection": "enabled" };
        new Namespace("managed-callers", { metadata: { name: CALLERS, labels } }, { provider });
        return Promise.resolve({
            certificates: chain.certificates,
            clientKeys: chain.clientKeys,
            serverCertificate: chain.serverCertificate,
        });
    };
}

describe("certificates that cert-manager keeps, on a real cluster", () => {
    let cluster: Cluster;
    let stack: Stack;
    let controllers: CertManagerControllers;
    let caller: PodRef;

    before(async function () {
        const { path } = await machine.tool(this, "cert-manager-controllers");
        const { local, engine, plugins, ...environment } = await localEnvironment(this);
        cluster = environment.cluster;
        controllers = await CertManagerControllers.start(cluster, path, local.kubeconfig);
        stack = await openProofStack(engine, plugins, local, "certs-managed", program(local.settings));
        await stack.preview(listening);
        await stack.up({ refresh: true, ...listening });
        caller = await startCaller(cluster, CALLERS, local.settings.curlImage);
    });

    after(async () => {
        await stack?.destroy(listening);
        await stack?.workspace.removeStack("certs-managed");
        await controllers?.stop();
    });

    it("opens the route", async () => {
        await waitFor("200 from the partner", 30, async () => (await call(cluster, caller, HOST)).status === 200);
    });

    it("has the outputs of a chain, the keys among them as secrets", async () => {
        const { certificates, clientKeys, serverCertificate } = await stack.outputs();
        const facts = certificates.value as CertificateDetails[];
        assert.deepEqual(
            facts.map(({ name }) => name),
            ["root", "server", "client-partner"],
        );
        assert.deepEqual(facts[1].subjectAltNames, [HOST]);
        assert.equal(
            new X509Certificate(serverCertificate.value as string).serialNumber.toLowerCase(),
            facts[1].serial,
        );
        assert.equal(clientKeys.secret, true);
    });

    it("a certificate of one minute is renewed without an update, and the gateway shows the new one", async () => {
        const first = await deliveredSerial();
        await waitFor("the first certificate at the server", 15, async () => (await shownSerials()).includes(first));
        const second = await waitFor("another certificate in the gateway's namespace", 60, async () => {
            const serial = await deliveredSerial();
            return serial !== first && serial;
        });
        await waitFor("the renewed certificate at the server", 20, async () => {
            const shown = await shownSerials();
            return shown.includes(second);
        });
        // Long after the first certificate has expired, calls go on.
        const { notAfter } = (await facts())["client-partner"];
        await waitFor("the first certificate to expire", 90, () => Promise.resolve(new Date() > new Date(notAfter)));
        assert.equal((await call(cluster, caller, HOST)).status, 200);
    });

    it("an update after that changes nothing in the cluster", async () => {
        const { summary } = await stack.up(listening);
        // It only looks at the secrets that cert-manager keeps.
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}).sort(), ["read", "same"]);
    });

    async function facts(): Promise<Record<string, CertificateDetails>> {
        const { certificates } = await stack.outputs();
        return Object.fromEntries((certificates.value as CertificateDetails[]).map((one) => [one.name, one]));
    }

    /** Serial number of the client certificate that is in the gateway's namespace. */
    async function deliveredSerial(): Promise<string> {
        const { data } = await cluster.core.readNamespacedSecret({ name: CREDENTIAL, namespace: GATEWAY });
        assert.deepEqual(Object.keys(data ?? {}).sort(), ["ca.crt", "tls.crt", "tls.key"]);
        return new X509Certificate(Buffer.from(data?.["tls.crt"] ?? "", "base64")).serialNumber.toLowerCase();
    }

    /** Calls once, and tells the serial numbers that the server has seen in the last seconds. */
    async function shownSerials(): Promise<string[]> {
        assert.equal((await call(cluster, caller, HOST)).status, 200);
        const { name } = await cluster.readyPod(SERVER, "app=managed-server", "nginx");
        const log = await cluster.core.readNamespacedPodLog({ namespace: SERVER, name, sinceSeconds: 5 });
        return [...log.matchAll(/"Client serial" ([0-9A-F]+) "SUCCESS"/g)].map(([, serial]) => serial.toLowerCase());
    }
});
