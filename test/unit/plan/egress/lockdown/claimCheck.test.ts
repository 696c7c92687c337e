import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
    claimCheckAdmission,
    claimCheckRules,
    claimCheckScript,
    inForceRules,
} from "../../../../../plan/egress/lockdown/claimCheck";

const CHECK = {
    checkNamespace: "lock-check",
    gateway: { name: "door", namespace: "egress" },
    meshNamespace: "mesh-root",
    inForce: "lock-claims",
    policies: ["lock-host-claims", "lock-gateway-claims"],
    exempt: ["egress-eu"],
    concerned: ["payments", "orders"],
};

/** An object of the cluster, and what the API server answers to a change of it. */
interface Judged {
    kind: string;
    namespace: string;
    name: string;
    status?: number;
    message?: string;
    exportTo?: string[];
    /** More of its metadata, which users write. */
    metadata?: object;
}

const denied = (policy: string, message: string) =>
    `virtualservices.networking.istio.io "x" is forbidden: ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: ${message}`;

describe("claimCheckScript", () => {
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-claims-"));
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    /** Runs the script with a stand-in for curl that answers as an API server with these objects would. */
    function check(objects: Judged[], { inForceAfter = 0, listStatus = 200, host = "10.96.0.1", seconds = 5 } = {}) {
        const node = join(folder, "curl");
        rmSync(join(folder, "calls"), { force: true });
        rmSync(join(folder, "count"), { force: true });
        writeFileSync(join(folder, "objects.json"), JSON.stringify(objects));
        writeFileSync(
            node,
            `#!${process.execPath}
const fs = require("fs"), path = require("path"), folder = ${JSON.stringify(folder)};
const args = process.argv.slice(2), after = (flag) => args[args.indexOf(flag) + 1];
fs.appendFileSync(path.join(folder, "calls"), args.join(" ") + "\\n");
const objects = JSON.parse(fs.readFileSync(path.join(folder, "objects.json")));
const count = path.join(folder, "count");
const status = (code, message) => JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason: "Forbidden", details: {}, code });
if (args.some((one) => one.includes("/configmaps"))) {
    const tries = fs.existsSync(count) ? Number(fs.readFileSync(count)) : 0;
    fs.writeFileSync(count, String(tries + 1));
    console.log(tries < ${inForceAfter} ? "{}" : status(403, "ValidatingAdmissionPolicy 'lock-claims' with binding 'lock-claims' denied request: in force"));
} else if (args.includes("-K")) {
    for (const line of fs.readFileSync(after("-K"), "utf8").trim().split("\\n")) {
        const url = /^url = "(.*)"$/.exec(line)[1];
        const [, group, , namespace, resource, name] = /apis\\/([^/]+)\\/([^/]+)\\/namespaces\\/([^/]+)\\/([^/]+)\\/([^?]+)[?]dryRun=All&/.exec(url);
        const one = objects.find((o) => o.kind === group + "/" + resource && o.namespace === namespace && o.name === name);
        const code = one.status ?? (one.message ? 403 : 200);
        console.log((code === 0 ? "" : code === 200 ? JSON.stringify({ kind: "PartialObjectMetadata" }) : status(code, one.message)) + "\\n" + String(code).padStart(3, "0") + " " + url);
    }
} else if (/[?]dryRun/.test(args.at(-1))) {
    const [, namespace, resource, name] = /namespaces\\/([^/]+)\\/([^/]+)\\/([^?]+)[?]/.exec(args.at(-1));
    const one = objects.find((o) => o.kind.endsWith("/" + resource) && o.namespace === namespace && o.name === name);
    console.log(JSON.stringify({ metadata: { annotations: { a: '"exportTo":["."]' } }, spec: { exportTo: one.exportTo } }));
} else {
    const [, group, version, resource] = /apis\\/([^/]+)\\/([^/]+)\\/([^?]+)[?]/.exec(args.at(-1));
    const items = objects.filter((o) => o.kind === group + "/" + resource).map(({ name, namespace, metadata }) => ({ metadata: { name, namespace, uid: "u", ...metadata } }));
    fs.writeFileSync(after("-o"), JSON.stringify({ kind: "PartialObjectMetadataList", metadata: { resourceVersion: "1" }, items }));
    process.stdout.write(group === "gateway.networking.k8s.io" && version === "v1alpha2" ? "404" : ${JSON.stringify(String(listStatus))});
}
`,
        );
        chmodSync(node, 0o755);
        const env = {
            PATH: `${folder}:${process.env.PATH}`,
            TMPDIR: folder,
            KUBERNETES_SERVICE_HOST: host,
            KUBERNETES_SERVICE_PORT: "6443",
        };
        const { status, stdout } = spawnSync("sh", ["-c", claimCheckScript(CHECK, seconds)], { env, encoding: "utf8" });
        const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "";
        return { status, stdout, calls };
    }

    const vs = (namespace: string, name: string, message?: string): Judged => ({
        kind: "networking.istio.io/virtualservices",
        namespace,
        name,
        message,
    });

    it("is content with a cluster without claims, and with one without objects", () => {
        assert.deepEqual([check([]).status, check([vs("shop", "own")]).status], [0, 0]);
    });

    it("names each object that a policy would refuse, once, and says why", () => {
        const host = denied("lock-host-claims", "The host api.partner.example belongs to the egress gateway.");
        const gateway = denied("lock-gateway-claims", "Only its own namespace may route calls.");
        const { status, stdout } = check([
            vs("shop", "claim", host),
            vs("shop", "own"),
            { kind: "networking.istio.io/gateways", namespace: "shop", name: "door", message: gateway },
            // Served in two versions.
            { kind: "gateway.networking.k8s.io/tlsroutes", namespace: "shop", name: "tls", message: gateway },
        ]);
        assert.equal(status, 1);
        assert.match(stdout, /^3 objects .*egress\/door/);
        assert.deepEqual(stdout.trim().split("\n").slice(1), [
            "- gateways shop/door: Only its own namespace may route calls.",
            "- virtualservices shop/claim: The host api.partner.example belongs to the egress gateway.",
            "- tlsroutes shop/tls: Only its own namespace may route calls.",
        ]);
    });

    it("tells a Gateway of the Gateway API from one of Istio with the same name", () => {
        const message = denied("lock-gateway-claims", "The address of this Gateway is that of the egress gateway.");
        const { status, stdout } = check([
            { kind: "networking.istio.io/gateways", namespace: "shop", name: "door" },
            { kind: "gateway.networking.k8s.io/gateways", namespace: "shop", name: "door", message },
        ]);
        assert.equal(status, 1);
        assert.match(stdout, /^1 objects .*\n- gateways shop\/door: The address of this Gateway/);
    });

    it("leaves out what no other namespace sees, but not beside callers", () => {
        const at = (namespace: string, exportTo?: string[]) =>
            check([{ ...vs(namespace, "x", denied("lock-host-claims", "no")), exportTo }]).status;
        assert.deepEqual(
            ["shop", "payments", "orders"].map((namespace) => at(namespace, ["."])),
            [0, 1, 1],
        );
        assert.deepEqual(
            [at("shop"), at("shop", ["*"]), at("shop", [".", "payments"]), at("pay", ["."])],
            [1, 1, 1, 0],
        );
    });

    it("leaves out the gateway's own namespace, the mesh's and those that share hosts", () => {
        const claim = denied("lock-host-claims", "no");
        const own = ["egress", "mesh-root", "egress-eu"].map((namespace) => vs(namespace, "x", claim));
        assert.equal(check(own).status, 0);
        assert.equal(check([...own, vs("egress-eu-2", "x", claim)]).status, 1);
    });

    it("cannot be misled by what users write in their objects' metadata", () => {
        const text = '"metadata":{"name":"own","namespace":"egress"';
        const metadata = { labels: { metadata: "x", name: "y", namespace: "egress" }, annotations: { a: text } };
        const { status, stdout } = check([
            { ...vs("shop", "claim", denied("lock-host-claims", "no")), metadata },
            { ...vs("shop", "generated-x"), metadata: { generateName: "generated-", ...metadata } },
        ]);
        assert.equal(status, 1);
        assert.deepEqual(stdout.trim().split("\n").slice(1), ["- virtualservices shop/claim: no"]);
    });

    it("does not take an object for judged that was not, but for one that a webhook refused after the policies", () => {
        const other = (status: number, message?: string) => check([{ ...vs("shop", "old"), status, message }]);
        assert.match(other(422, "spec.hosts: Required value").stdout, /old: the API server could not judge it \(422\)/);
        assert.match(other(0).stdout, /could not judge it \(000\)/);
        assert.match(other(403, denied("another-policy", "no")).stdout, /could not judge it \(403\)/);
        assert.equal(other(404, "not found").status, 0);
        assert.equal(other(400, 'admission webhook "v.istio.io" denied the request').status, 0);
    });

    it("names a few of many, and counts the rest", () => {
        const many = Array.from({ length: 30 }, (_, i) =>
            vs("shop", `c${i}`, denied("lock-host-claims", "no".repeat(500))),
        );
        const { stdout } = check(many);
        assert.match(stdout, /^30 objects/);
        assert.match(stdout, /- and 22 more\n$/);
        // A Job's message has the last 2,048 bytes.
        assert.ok(stdout.length < 2300, String(stdout.length));
    });

    it("waits until the policies are in force, and does not go on without them", () => {
        const late = check([vs("shop", "claim", denied("lock-host-claims", "no"))], { inForceAfter: 1 });
        assert.equal(late.status, 1);
        assert.match(late.stdout, /shop\/claim/);
        const never = check([], { inForceAfter: 99, seconds: 0 });
        assert.equal(never.status, 1);
        assert.match(never.stdout, /cannot tell whether .* are in force/);
        assert.doesNotMatch(never.calls, /PartialObjectMetadataList/);
    });

    it("fails if a kind cannot be listed", () => {
        const { status, stdout } = check([], { listStatus: 403 });
        assert.equal(status, 1);
        assert.match(stdout, /cannot list networking.istio.io\/v1\/destinationrules: the API server answered 403/);
    });

    it("changes nothing, and asks an API server of either family", () => {
        for (const host of ["10.96.0.1", "fd00::1"]) {
            const { calls, status } = check([vs("shop", "own")], { host });
            assert.equal(status, 0);
            assert.match(calls, host.includes(":") ? /https:\/\/\[fd00::1\]:6443\// : /https:\/\/10\.96\.0\.1:6443\//);
            for (const call of calls.split("\n").filter((one) => one.includes('--data \'{"metadata"'))) {
                assert.match(call, /dryRun=All/);
            }
        }
    });
});

describe("the rights of the check for claims", () => {
    it("are to read and to patch, which do not make it an administrator of the gateway", () => {
        assert.deepEqual([...new Set(claimCheckRules().flatMap(({ verbs }) => verbs))].sort(), [
            "get",
            "list",
            "patch",
        ]);
        assert.deepEqual(inForceRules(), [{ apiGroups: [""], resources: ["configmaps"], verbs: ["create"] }]);
    });

    it("end where a request is not a dry run, in every namespace", () => {
        const { policy, binding } = claimCheckAdmission("lock-claims", "lock-check");
        assert.deepEqual(binding.spec.matchResources, { namespaceSelector: {} });
        assert.match(policy.spec.matchConditions![0].expression, /"system:serviceaccount:lock-check:claims"/);
        assert.equal(policy.spec.validations[0].expression, "has(request.dryRun) && request.dryRun");
        const { resourceRules } = policy.spec.matchConstraints;
        for (const { apiGroups, resources } of [...claimCheckRules(), ...inForceRules()]) {
            const judged = resourceRules.find((rule) => apiGroups.every((group) => rule.apiGroups.includes(group)));
            assert.ok(
                judged?.resources.some((one) => one === "*/*" || resources.includes(one)),
                apiGroups.join(),
            );
        }
    });
});
