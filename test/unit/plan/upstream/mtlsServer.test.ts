import assert from "node:assert/strict";
import fc from "fast-check";
import { nginxConfig, validateServer } from "../../../../plan/upstream/mtlsServer";
import { hosts } from "../../../support/arbitraries";

describe("nginxConfig", () => {
    it("requires a client certificate and logs whose it was, for any hosts", () => {
        fc.assert(
            fc.property(hosts, (all) => {
                const config = nginxConfig(all);
                assert.match(config, /^ +ssl_verify_client on;$/m);
                assert.match(config, /\$ssl_client_fingerprint/);
                assert.match(config, /\$ssl_client_s_dn/);
                assert.match(config, /access_log \/dev\/stdout ssl_client;/);
                assert.ok(config.includes(`server_name ${all.join(" ")};`));
            }),
        );
    });
});

describe("validateServer", () => {
    it("accepts every list of hosts", () => {
        fc.assert(
            fc.property(hosts, (all) =>
                assert.deepEqual(validateServer({ namespace: "mesh-external", hosts: all }), []),
            ),
        );
    });

    it("refuses a namespace and hosts that are none", () => {
        assert.deepEqual(
            validateServer({ namespace: "A", hosts: ["x; return 200"] }).map(({ path }) => path),
            ["namespace", "hosts[0]"],
        );
    });
});
