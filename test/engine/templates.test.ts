import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { issue, keyPem } from "../support/certificates";
import { machine } from "../support/machine";
import { Language, NewUser } from "../support/newUser";

const ANSWERS = { host: "api.partner.example", callerNamespace: "payments", callerServiceAccount: "billing" };

describe("pulumi new with a template, and what it tells to do next", function () {
    let user: NewUser;
    let pems: Record<string, string>;

    before(async function () {
        const setup = await machine.engine(this);
        const { folder } = await machine.languages(this);
        machine.program(this, "python3");
        user = new NewUser(setup, folder);
        await user.fetchArchive();
        const valid = {
            notBefore: new Date(Date.now() - 3_600_000),
            notAfter: new Date(Date.now() + 300 * 86_400_000),
        };
        const ca = await issue({ ...valid, subject: "CN=Example CA", ca: true });
        const client = await issue({ ...valid, subject: "CN=payments", issuer: ca, usage: "client" });
        const [serverCa, clientCa] = [ca.certificate, ca.certificate];
        pems = { serverCa, clientCa, clientCertificate: client.certificate, clientKey: keyPem(client.key) };
    });

    after(() => user?.leave());

    for (const language of ["typescript", "yaml", "python"] as Language[]) {
        it(`makes a project in ${language} that previews its route`, async () => {
            const project = await user.newProject("routesOnly", language, ANSWERS);
            for (const [key, input] of Object.entries(pems)) {
                await project.pulumi(["config", "set", ...(key === "clientKey" ? ["--secret"] : []), key], { input });
            }
            const urns = (await project.preview()).map(({ urn }) => urn);
            assert.ok(urns.some((urn) => urn.endsWith("DestinationRule::partner-api.partner.example")));
            const own = parse(readFileSync(join(project.folder, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
            assert.equal(own.template, undefined);
            const stack = readFileSync(join(project.folder, "Pulumi.dev.yaml"), "utf8");
            assert.match(stack, /:host: api\.partner\.example/);
            assert.doesNotMatch(stack, /PRIVATE KEY/);
            assert.equal(existsSync(join(project.folder, "sdks")), language !== "typescript");
        });
    }

    it("says what to install for a component that makes certificates, and works with it", async () => {
        const project = await user.newProject("anyCluster", "yaml", ANSWERS);
        await project.pulumi(["config", "set", "serverCa"], { input: pems.serverCa });
        const without = await project.attempt(["preview"]);
        const told = /npm install (--omit=dev --save-prod --prefix \S+ @pulumi\/tls@\S+)/.exec(
            without.stdout + without.stderr,
        )?.[1];
        assert.ok(told, without.stdout + without.stderr);
        await user.shell(`npm install ${told}`);
        const urns = (await project.preview()).map(({ urn }) => urn);
        assert.ok(urns.some((urn) => urn.includes("tls:index/privateKey:PrivateKey")));
    });

    it("fails and names the value, where one that must be given was not", async () => {
        const { host: _, ...answers } = ANSWERS;
        const project = await user.newProject("anyCluster", "yaml", answers, "incomplete");
        await project.pulumi(["config", "set", "serverCa"], { input: pems.serverCa });
        const { stdout, stderr, exitCode } = await project.attempt(["preview"]);
        assert.notEqual(exitCode, 0);
        assert.match(stdout + stderr, /missing required configuration variable 'host'|host/);
    });
});
