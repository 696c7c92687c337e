import assert from "node:assert/strict";
import { hostname } from "node:os";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import type { HelmRecord } from "../../../cli/recover/helmRecord";
import type { ProgramResult } from "../../../cli/input/runProgram";
import { runCommand } from "../../support/command";

const BEGIN = "2026-11-20T10:00:00.500Z";
const SINCE = "2026-11-20T10:00:00Z";
const URN = "urn:pulumi:dev::mesh-egress::";
const RELEASE = "kubernetes:helm.sh/v3:Release";

interface Live {
    uid?: string;
    created?: string;
    managers?: { manager: string; operation?: string; subresource?: string }[];
}

/** A state whose last update ended in the middle of these operations. */
function killed(pending: object[], recorded: object[] = []): string {
    const stack = { urn: `${URN}pulumi:pulumi:Stack::dev`, type: "pulumi:pulumi:Stack", created: BEGIN };
    return JSON.stringify({
        version: 3,
        deployment: { manifest: {}, resources: [stack, ...recorded], pending_operations: pending },
    });
}

function object(kind: string, name: string, more: object = {}) {
    const metadata = { name, namespace: "istio-egress" };
    return {
        urn: `${URN}kubernetes:core/v1:${kind}::${name}`,
        type: `kubernetes:core/v1:${kind}`,
        inputs: { apiVersion: "v1", kind, metadata, ...more },
    };
}

function release(name: string, operation = "creating") {
    const inputs = { name, namespace: "istio-system", chart: "istiod" };
    return { resource: { urn: `${URN}${RELEASE}::${name}`, type: RELEASE, inputs }, type: operation };
}

const creating = (resource: object) => ({ resource, type: "creating" });

function helmRecord(name: string, status: string, version = 1, notes = ""): HelmRecord {
    const text = JSON.stringify({ name, info: { notes, status, big: 0 }, config: { status: "pending-install" } });
    const big = text.replace(`"big":0`, `"big":12345678901234567890`);
    return {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
            name: `sh.helm.release.v1.${name}.v${version}`,
            namespace: "istio-system",
            labels: { name, owner: "helm", status, version: String(version) },
        },
        data: { release: Buffer.from(gzipSync(big).toString("base64")).toString("base64") },
    };
}

/** A cluster and an engine that answer as kubectl and pulumi do, and remember what they were told to write. */
function world(
    state: string,
    { live = {}, records = [], lock }: { live?: Record<string, Live>; records?: HelmRecord[]; lock?: string } = {},
) {
    const written: { imported?: string; replaced: HelmRecord[]; engine: string[] } = { replaced: [], engine: [] };
    let locked = lock;
    const ok = (stdout = ""): ProgramResult => ({ code: 0, stdout, stderr: "" });
    const kubectl = (args: string[], input = "") => {
        if (args[0] === "replace") {
            written.replaced.push(JSON.parse(input) as HelmRecord);
            return Promise.resolve(ok());
        }
        if (args.includes("secrets")) {
            const name = /name=(.*)/.exec(args[args.indexOf("--selector") + 1])?.[1];
            const items = records.filter(({ metadata }) => metadata.labels["name"] === name);
            return Promise.resolve(ok(JSON.stringify({ items })));
        }
        const { kind, metadata } = JSON.parse(input) as { kind: string; metadata: { name: string } };
        const found = live[`${kind} ${metadata.name}`];
        if (!found) {
            return Promise.resolve(ok());
        }
        const {
            uid = "1",
            created = SINCE,
            managers = [{ manager: "pulumi-kubernetes-0f3a", operation: "Apply" }],
        } = found;
        const answer = { metadata: { uid, creationTimestamp: created, managedFields: managers } };
        return Promise.resolve(ok(JSON.stringify({ kind: "List", items: [answer] })));
    };
    const pulumi = () => (args: string[], input?: string) => {
        written.engine.push(args.slice(0, 2).join(" "));
        if (args[0] === "cancel") {
            locked = undefined;
        }
        if (args[1] === "import" && locked !== undefined) {
            return Promise.resolve({ code: 255, stdout: "", stderr: locked });
        }
        written.imported = args[1] === "import" ? input : written.imported;
        return Promise.resolve(ok(args[1] === "export" ? state : ""));
    };
    const recover = (...args: string[]) => runCommand(["recover", "--stack", "dev", ...args], { kubectl, pulumi });
    return { recover, written };
}

interface Imported {
    deployment: { resources: Record<string, unknown>[]; pending_operations?: unknown };
}

describe("mesh-egress recover", () => {
    it("says what a killed update left behind, and changes nothing without --yes", async () => {
        const state = killed([creating(object("Service", "gateway")), creating(object("ConfigMap", "map"))]);
        const { recover, written } = world(state, { live: { "Service gateway": {} } });
        const { code, out } = await recover();
        assert.equal(code, 1);
        assert.match(out, /will be added to the state:\n {2}Service istio-egress\/gateway\n/);
        assert.match(out, /update repeats it:\n {2}map \(creating\)\n/);
        assert.match(out, /Nothing was changed.*mesh-egress recover --stack dev --yes$/);
        assert.deepEqual([written.imported, written.replaced, written.engine], [undefined, [], ["stack export"]]);
    });

    it("takes up what was made, with its field manager and its secrets still encrypted, and refreshes it", async () => {
        const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
        const state = killed([creating(object("Secret", "partner", { data: secret }))]);
        const { recover, written } = world(state, { live: { "Secret partner": {} } });
        assert.equal((await recover("--yes")).code, 0);
        const { deployment } = JSON.parse(written.imported as string) as Imported;
        assert.equal(deployment.pending_operations, undefined);
        const [, taken] = deployment.resources;
        assert.equal(taken["id"], "istio-egress/partner");
        assert.deepEqual(taken["outputs"], {
            ...(taken["inputs"] as object),
            __fieldManager: "pulumi-kubernetes-0f3a",
            __initialApiVersion: "v1",
        });
        assert.deepEqual((taken["inputs"] as { data: object }).data, secret);
        assert.deepEqual(written.engine, ["stack export", "stack import", "refresh --yes"]);
    });

    it("marks a release whose installation was killed as failed, changing nothing else of its record", async () => {
        const notes = 'the words "status":"pending-install" in a note';
        const record = helmRecord("istiod", "pending-install", 1, notes);
        const { recover, written } = world(killed([release("istiod")]), { records: [record] });
        const { out } = await recover("--yes");
        assert.match(out, /Release istio-system\/istiod \(pending-install\)/);
        const [{ metadata, data }] = written.replaced;
        assert.equal(metadata.labels["status"], "failed");
        const text = gunzipSync(Buffer.from(Buffer.from(data.release, "base64").toString(), "base64")).toString();
        const before = gunzipSync(
            Buffer.from(Buffer.from(record.data.release, "base64").toString(), "base64"),
        ).toString();
        assert.equal(text, before.replace(`","status":"pending-install"`, `","status":"failed"`));
        assert.match(written.imported as string, /"id":"istio-system\/istiod"/);
    });

    it("takes up a release that was installed, and leaves its record", async () => {
        const { recover, written } = world(killed([release("istiod")]), {
            records: [helmRecord("istiod", "deployed")],
        });
        await recover("--yes");
        assert.match(written.imported as string, /"id":"istio-system\/istiod"/);
        assert.deepEqual(written.replaced, []);
    });

    it("frees a recorded release whose upgrade was killed, by its newest record", async () => {
        const recorded = { ...release("istiod").resource, id: "istio-system/istiod" };
        const records = [helmRecord("istiod", "deployed", 9), helmRecord("istiod", "pending-upgrade", 10)];
        const { recover, written } = world(killed([], [recorded]), { records });
        await recover("--yes");
        assert.deepEqual(
            written.replaced.map(({ metadata }) => metadata.name),
            ["sh.helm.release.v1.istiod.v10"],
        );
    });

    it("names a Helm record that is damaged, and the command that deletes no more than that record", async () => {
        const packed = (text: string | Buffer) => Buffer.from(Buffer.from(text).toString("base64")).toString("base64");
        const whole = helmRecord("istiod", "pending-install").data.release;
        const gzip = Buffer.from(Buffer.from(whole, "base64").toString(), "base64");
        const status = '"status":"pending-install"';
        const damaged: Record<string, object | undefined> = {
            "no data": undefined,
            "no release": {},
            empty: { release: "" },
            "not Base64": { release: "?" },
            "not compressed": { release: packed(gunzipSync(gzip)) },
            cut: { release: packed(gzip.subarray(0, gzip.length / 2)) },
            "without its last byte": { release: packed(gzip.subarray(0, -1)) },
            "cut before it was compressed": { release: packed(gzipSync(`{"info":{${status}`)) },
            "without a status of its own": { release: packed(gzipSync(`{"info":{},"config":{${status}}}`)) },
        };
        for (const [what, data] of Object.entries(damaged)) {
            const record = { ...helmRecord("istiod", "pending-install"), data } as HelmRecord;
            const { recover, written } = world(killed([release("istiod")]), { records: [record] });
            const { code, err } = await recover("--yes");
            assert.equal(code, 2, what);
            assert.match(err, /record sh\.helm\.release\.v1\.istiod\.v1 of the release istio-system\/istiod is /, what);
            assert.match(
                err,
                /`kubectl delete secret sh\.helm\.release\.v1\.istiod\.v1 --namespace istio-system`\. /,
                what,
            );
            assert.match(
                err,
                /run this command again, and update with `pulumi up --refresh`\. Do not use `helm uninstall`/,
            );
            assert.deepEqual([written.imported, written.replaced], [undefined, []], what);
        }
    });

    it("goes on from the record before it, or repeats the installation, once a damaged record is deleted", async () => {
        const recorded = { ...release("istiod").resource, id: "istio-system/istiod" };
        const older = world(killed([], [recorded]), { records: [helmRecord("istiod", "deployed", 9)] });
        assert.match((await older.recover()).out, /^No operation of the stack dev is pending/);
        const none = world(killed([release("istiod")]));
        assert.match((await none.recover()).out, /update repeats it:\n {2}istiod \(creating\)/);
    });

    it("refuses a state whose resources it cannot read", async () => {
        const states = [
            { deployment: "" },
            { deployment: { resources: 1 } },
            { deployment: { resources: [{ urn: "a" }] } },
            { deployment: { pending_operations: [{ type: "creating" }] } },
            { deployment: { pending_operations: [{ type: "creating", resource: { urn: 1, type: RELEASE } }] } },
        ];
        for (const state of states) {
            const { code, err } = await world(JSON.stringify(state)).recover();
            assert.equal(code, 2);
            assert.match(err, /pulumi stack export wrote no state\./);
        }
    });

    it("leaves alone what the stack did not make", async () => {
        const pending = ["old", "by-hand", "status-only"].map((name) => creating(object("ConfigMap", name)));
        const managers = [{ manager: "kubectl-client-side-apply", operation: "Update" }];
        const { recover, written } = world(killed(pending), {
            live: {
                "ConfigMap old": { created: "2026-11-20T09:59:59Z" },
                "ConfigMap by-hand": { managers },
                "ConfigMap status-only": { managers: [{ manager: "pulumi-kubernetes-1", subresource: "status" }] },
            },
        });
        const { out } = await recover("--yes");
        assert.match(out, /ConfigMap istio-egress\/old: it is older than the stack\n/);
        assert.match(out, /ConfigMap istio-egress\/by-hand: it was made by kubectl-client-side-apply\n/);
        assert.match(out, /ConfigMap istio-egress\/status-only: /);
        const { deployment } = JSON.parse(written.imported as string) as Imported;
        assert.equal(deployment.resources.length, 1);
    });

    it("does not take another cluster's absence of an object for an object that was never made", async () => {
        const recorded = { ...object("Namespace", "istio-egress"), outputs: { metadata: { uid: "mine" } } };
        const state = killed([creating(object("Service", "gateway"))], [recorded]);
        const other = world(state, { live: { "Namespace istio-egress": { uid: "another" } } });
        const { code, err } = await other.recover("--yes");
        assert.equal(code, 2);
        assert.match(err, /a different cluster.*--context or --kubeconfig/);
        assert.deepEqual(other.written.engine, ["stack export"]);
        const own = world(state, { live: { "Namespace istio-egress": { uid: "mine" } } });
        assert.equal((await own.recover("--yes")).code, 0);
    });

    it("takes the lock of an update away that is no more, and none of one that runs", async () => {
        const lock = (pid: number) =>
            `error: the stack is currently locked by 1 lock(s).\n  file:///l.json: created by me@${hostname()} (pid ${pid}) at 2026`;
        const running = world(killed([]), { lock: lock(process.pid) });
        const { code, err } = await running.recover("--yes");
        assert.equal(code, 2);
        assert.match(err, new RegExp(`still running on this machine \\(pid ${process.pid}\\)`));
        assert.ok(!running.written.engine.includes("cancel --yes"));
        const gone = world(killed([]), { lock: lock(2 ** 22 + 1) });
        assert.equal((await gone.recover("--yes")).code, 0);
        assert.deepEqual(gone.written.engine, ["stack export", "stack import", "cancel --yes", "stack import"]);
    });

    it("finds nothing where nothing is pending, and says what another provider's operations need", async () => {
        assert.equal((await world(killed([])).recover()).code, 0);
        const azure = {
            urn: `${URN}azure-native:network:VirtualNetwork::net`,
            type: "azure-native:network:VirtualNetwork",
        };
        const { code, out } = await world(killed([creating(azure)])).recover();
        assert.equal(code, 1);
        assert.match(out, /pulumi import.*\n {2}azure-native:network:VirtualNetwork net/);
    });

    it("takes up exactly what is there, whatever was pending", async () => {
        const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1 });
        await fc.assert(
            fc.asyncProperty(names, fc.func(fc.boolean()), async (pending, isThere) => {
                const there = pending.filter((name) => isThere(name));
                const live = Object.fromEntries(there.map((name) => [`ConfigMap ${name}`, {}]));
                const state = killed(pending.map((name) => creating(object("ConfigMap", name))));
                const { recover, written } = world(state, { live });
                const { out } = await recover("--yes", "--output", "json");
                const { deployment } = JSON.parse(written.imported as string) as Imported;
                const taken = deployment.resources.slice(1).map(({ id }) => id);
                assert.deepEqual(
                    taken,
                    there.map((name) => `istio-egress/${name}`),
                );
                const said = JSON.parse(out) as { unrecorded: unknown[]; toRepeat: unknown[] };
                assert.equal(said.unrecorded.length + said.toRepeat.length, pending.length);
            }),
            { numRuns: 50 },
        );
    });
});
