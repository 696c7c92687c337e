import { createPrivateKey, X509Certificate } from "node:crypto";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { CertificateDetails } from "../../components";
import { binary, build } from "../../lab/build/build";
import { languageFolder } from "../../lab/engine";
import { CERTS_CALLERS, CERTS_GATEWAY, CERTS_SERVER, CREDENTIAL } from "../../test/support/certificateStack";
import { killUpdate } from "../../test/support/killedUpdate";
import { UserFolder } from "../../test/support/userFolder";
import { Stage } from "../stage/stage";
import { SETTINGS_FILE } from "./program";

const ROOT = join(__dirname, "../..");
const NAMESPACES = [CERTS_CALLERS, CERTS_GATEWAY, CERTS_SERVER];

interface State {
    deployment: { resources?: { urn: string }[]; pending_operations?: unknown[] };
}

/** A stack that somebody updates with the `pulumi` command, and whose updates are killed. */
export class KilledStack {
    private constructor(
        private readonly stage: Stage,
        private readonly user: UserFolder,
    ) {}

    static async make(stage: Stage): Promise<KilledStack> {
        if (!languageFolder()) {
            await build("languages", stage.tell);
        }
        const helm = binary("helm");
        const user = new UserFolder(stage.setup, languageFolder()!, helm ? { MESH_EGRESS_HELM: helm } : {});
        symlinkSync(join(ROOT, "node_modules"), join(user.folder, "node_modules"));
        user.write("Pulumi.yaml", "name: killed\nruntime: { name: nodejs, options: { typescript: false } }\n");
        user.write("package.json", JSON.stringify({ main: "index.js" }));
        user.write(
            "index.js",
            `require("tsx/cjs"); module.exports = require(${JSON.stringify(join(__dirname, "program.ts"))}).program();\n`,
        );
        user.write(SETTINGS_FILE, JSON.stringify(stage.local.settings));
        await user.run("pulumi stack init dev");
        return new KilledStack(stage, user);
    }

    /** Kills the engine after so many milliseconds; false where it had ended before. */
    async kill(command: "up" | "destroy", afterMilliseconds: number): Promise<boolean> {
        return (await killUpdate(this.user, { afterMilliseconds }, command)).killed;
    }

    /** What the page says to type after an update was killed, before the next one. */
    async recover(): Promise<void> {
        const { kubeconfig, context } = this.stage.local;
        const cluster = `--kubeconfig ${kubeconfig}${context ? ` --context ${context}` : ""}`;
        const command = `node --require tsx/cjs ${join(ROOT, "cli/main.ts")}`;
        await this.user.run(`${command} recover --stack dev ${cluster} --yes`);
    }

    async up(): Promise<void> {
        await this.user.run("pulumi up --yes --skip-preview");
    }

    async destroy(): Promise<void> {
        await this.user.run("pulumi destroy --yes --skip-preview");
    }

    async rotate(trigger: string): Promise<void> {
        await this.user.run(`pulumi config set rotation ${trigger}`);
    }

    /** Fails unless state, program and cluster agree, and the gateway has one key, which is the certificate's. */
    async assertConverged(): Promise<void> {
        for (const line of ["pulumi preview", "pulumi refresh --yes"]) {
            const said = await this.user.run(line);
            if (!/Resources:\n +\d+ unchanged\n/.test(said)) {
                throw new Error(`${line} found a difference:\n${said.slice(-1500)}`);
            }
        }
        const { resources = [], pending_operations = [] } = (await this.state()).deployment;
        const twice = resources.filter(({ urn }, index) => resources.findIndex((one) => one.urn === urn) !== index);
        if (pending_operations.length > 0 || twice.length > 0) {
            throw new Error(`in the state: ${pending_operations.length} pending, ${twice.length} doubled`);
        }
        const issued = (
            JSON.parse(await this.user.run("pulumi stack output certificates --json")) as CertificateDetails[]
        ).find(({ name }) => name === "client-app");
        const delivered = await this.delivered();
        if (!delivered.certificate.checkPrivateKey(delivered.key)) {
            throw new Error("the gateway's key is not that of its certificate");
        }
        if (delivered.certificate.serialNumber.toLowerCase() !== issued?.serial) {
            throw new Error("the gateway has another certificate than the state");
        }
    }

    /** The public key of the client certificate that the gateway has. */
    async publicKey(): Promise<string> {
        return (await this.delivered()).certificate.publicKey.export({ type: "spki", format: "pem" }).toString();
    }

    /** Fails unless nothing of the stack is in the cluster or in the state. */
    async assertGone(): Promise<void> {
        const { items } = await this.stage.cluster.core.listNamespace();
        const left = items.map(({ metadata }) => metadata?.name ?? "").filter((name) => NAMESPACES.includes(name));
        const { resources = [] } = (await this.state()).deployment;
        if (left.length > 0 || resources.length > 1) {
            throw new Error(`left behind: namespaces ${left.join(", ")}; in the state ${resources.length} resources`);
        }
    }

    /** Removes everything, whatever state it is in. */
    async leave(): Promise<void> {
        await this.recover().catch(() => undefined);
        const { exitCode, stderr } = await this.user.attempt("pulumi destroy --yes --skip-preview --refresh");
        if (exitCode !== 0) {
            // Its folder stays, with the only state of what is still in the cluster.
            throw new Error(`the stack in ${this.user.folder} could not be destroyed:\n${stderr.slice(-1500)}`);
        }
        this.user.leave();
    }

    private async state(): Promise<State> {
        return JSON.parse(await this.user.run("pulumi stack export")) as State;
    }

    private async delivered() {
        const { data } = await this.stage.cluster.core.readNamespacedSecret({
            name: CREDENTIAL,
            namespace: CERTS_GATEWAY,
        });
        const pem = (key: string) => Buffer.from(data?.[key] ?? "", "base64").toString();
        return { certificate: new X509Certificate(pem("tls.crt")), key: createPrivateKey(pem("tls.key")) };
    }
}
