import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { authorization, compute, keyvault, managedidentity, network } from "../internal/azureNative";
import { tls } from "../internal/tls";
import {
    DEFAULT_MACHINE_RANGE,
    VAULT_SECRETS,
    cloudConfig,
    serverSecurityRules,
    validateMachine,
} from "../../plan/azure/serverMachine";
import { INDEX_PAGE } from "../../plan/upstream/mtlsServer";
import { base64 } from "../internal/base64";
import { assertValid } from "../internal/validation";
import { withoutKey } from "../internal/withoutKey";
import { identityRole } from "../internal/roleAssignment";
import { checkedArguments } from "../internal/checkedArguments";
import { PARTNER_DEFAULTS } from "../../plan/environment/aksOptions";

/**
 * Name of the user that Azure requires. `operator` does not work: Ubuntu has a group of that name, and cloud-init then
 * creates no user.
 */
const ADMIN_USER = "azureuser";

/** A static public IPv4 address. */
export interface MachineAddress {
    /** Id of the address. */
    id: pulumi.Input<string>;
    /** The address itself. */
    ipAddress: pulumi.Input<string>;
}

export interface MtlsServerVmArgs {
    /** Resource group of the machine and its parts. */
    resourceGroupName: pulumi.Input<string>;
    /**
     * Azure region.
     *
     * @example "westeurope"
     */
    location: pulumi.Input<string>;
    /**
     * Host names of the server.
     *
     * @example ["mtls.partner.example"]
     */
    hosts: string[];
    /**
     * Address range that may call the server, in CIDR notation: `egressPrefix` of an `EgressNetwork`.
     *
     * @example "198.51.100.0/30"
     */
    allowedRange: pulumi.Input<string>;
    /** The server certificate and any intermediates, PEM. */
    certificate: pulumi.Input<string>;
    /**
     * Its private key, PEM without a passphrase. It is always a secret, and the machine gets it only from a key vault.
     */
    privateKey: pulumi.Input<string>;
    /** CA certificates that must have issued the client certificates, PEM. */
    clientCa: pulumi.Input<string>;
    /**
     * The machine's public address, if other resources must know it before the machine exists. Default: a new address.
     */
    address?: MachineAddress;
    /** HTML of the index page. Default: the heading `Welcome to the Mutual TLS Server!`. */
    indexPage?: pulumi.Input<string>;
    /**
     * Size of the virtual machine. Default: `Standard_B2s`.
     *
     * @example "Standard_D4ds_v5"
     */
    vmSize?: pulumi.Input<string>;
    /**
     * Address range of the machine's own virtual network, in CIDR notation, at least /29. Default: `10.250.0.0/28`.
     *
     * @example "10.250.0.0/28"
     */
    addressRange?: string;
    /**
     * Tags of every resource. Default: none.
     *
     * @example { team: "payments" }
     */
    tags?: Record<string, pulumi.Input<string>>;
}

/**
 * A virtual machine with nginx, outside the cluster and its network, that acts as a partner. It accepts calls from the
 * egress prefix only, requires a client certificate, and logs its fingerprint and distinguished name. It picks up a
 * changed certificate within two minutes. Nobody can log in to it.
 */
export class MtlsServerVm extends pulumi.ComponentResource {
    /** Public IPv4 address, for a DNS record or a route's `address`. Known once the machine exists. */
    public readonly address: pulumi.Output<string>;
    /** Name of the key vault with the server's key. */
    public readonly vaultName: pulumi.Output<string>;

    constructor(name: string, args: MtlsServerVmArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("MtlsServerVm", name, args);
        const addressRange = args.addressRange ?? DEFAULT_MACHINE_RANGE;
        assertValid("MtlsServerVm", name, validateMachine({ hosts: args.hosts, addressRange }));
        super("mesh-egress:index:MtlsServerVm", name, withoutKey(args), opts);

        const child = { parent: this };
        const { resourceGroupName, location, tags } = args;
        const shared = { resourceGroupName, location, tags };

        // Azure creates no Linux machine without a login. The private key of this one is never used.
        const login = new tls.PrivateKey(`${name}-login-key`, { algorithm: "RSA", rsaBits: 4096 }, child);
        const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, shared, child);
        const vault = new keyvault.Vault(
            `${name}-vault`,
            {
                ...shared,
                // The name is unique in all of Azure, and stays reserved for a while after deletion.
                vaultName: login.publicKeyOpenssh.apply((key) => `mtls-${digest(key).slice(0, 16)}`),
                properties: {
                    tenantId: authorization.getClientConfigOutput({ parent: this }).tenantId,
                    sku: { family: keyvault.SkuFamily.A, name: keyvault.SkuName.Standard },
                    enableRbacAuthorization: true,
                    enableSoftDelete: true,
                },
            },
            child,
        );
        const role = identityRole(
            `${name}-vault-role`,
            "keyVaultSecretsUser",
            { principalId: identity.principalId, scope: vault.id },
            child,
        );
        const secret = (secretName: string, value: pulumi.Input<string>) =>
            new keyvault.Secret(
                `${name}-${secretName}`,
                {
                    resourceGroupName,
                    vaultName: vault.name,
                    secretName,
                    properties: { value, contentType: "application/x-pem-file" },
                },
                // azure-native deletes a secret through the vault's data plane, where the deploying identity has no
                // role (403).
                { ...child, deletedWith: vault },
            );
        secret(VAULT_SECRETS.server, pulumi.secret(pulumi.concat(args.certificate, args.privateKey)));
        secret(VAULT_SECRETS.clientCa, args.clientCa);

        const rules = new network.NetworkSecurityGroup(
            `${name}-rules`,
            { ...shared, securityRules: pulumi.output(args.allowedRange).apply(serverSecurityRules) },
            child,
        );
        const virtualNetwork = new network.VirtualNetwork(
            `${name}-network`,
            { ...shared, addressSpace: { addressPrefixes: [addressRange] } },
            child,
        );
        const subnet = new network.Subnet(
            `${name}-subnet`,
            {
                resourceGroupName,
                virtualNetworkName: virtualNetwork.name,
                subnetName: "server",
                name: "server",
                addressPrefix: addressRange,
                networkSecurityGroup: { id: rules.id },
            },
            child,
        );
        const address = args.address ?? staticAddress(`${name}-address`, shared, child);
        const nic = new network.NetworkInterface(
            `${name}-nic`,
            {
                ...shared,
                ipConfigurations: [{ name: "server", subnet: { id: subnet.id }, publicIPAddress: { id: address.id } }],
            },
            child,
        );
        const machine = new compute.VirtualMachine(
            `${name}-machine`,
            {
                ...shared,
                hardwareProfile: { vmSize: args.vmSize ?? PARTNER_DEFAULTS.vmSize },
                identity: {
                    type: "UserAssigned",
                    userAssignedIdentities: [identity.id],
                },
                networkProfile: { networkInterfaces: [{ id: nic.id, primary: true }] },
                osProfile: {
                    computerName: "mtls-server",
                    adminUsername: ADMIN_USER,
                    customData: pulumi
                        .output({
                            hosts: args.hosts,
                            indexPage: args.indexPage ?? INDEX_PAGE,
                            vaultUri: vault.properties.apply((properties) => properties.vaultUri ?? ""),
                            clientId: identity.clientId,
                        })
                        .apply((files) => base64(cloudConfig(files))),
                    linuxConfiguration: {
                        disablePasswordAuthentication: true,
                        ssh: {
                            publicKeys: [
                                { path: `/home/${ADMIN_USER}/.ssh/authorized_keys`, keyData: login.publicKeyOpenssh },
                            ],
                        },
                        patchSettings: {
                            patchMode: "AutomaticByPlatform",
                            assessmentMode: "AutomaticByPlatform",
                        },
                    },
                },
                securityProfile: {
                    securityType: "TrustedLaunch",
                    uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
                },
                storageProfile: {
                    imageReference: {
                        publisher: "Canonical",
                        offer: "ubuntu-24_04-lts",
                        sku: "server",
                        version: "latest",
                    },
                    osDisk: {
                        createOption: "FromImage",
                        deleteOption: "Delete",
                        managedDisk: { storageAccountType: "StandardSSD_LRS" },
                    },
                },
            },
            {
                parent: this,
                dependsOn: role,
                // The old machine must release the network card before the new one can use it.
                deleteBeforeReplace: true,
                // Azure fixes the user at creation, and a changed name must not replace a running machine.
                ignoreChanges: ["osProfile.adminUsername", "osProfile.linuxConfiguration.ssh"],
            },
        );

        this.address = pulumi.all([address.ipAddress, machine.id]).apply(([known]) => known);
        this.vaultName = vault.name;
        this.registerOutputs();
    }
}

/** A static public address. */
export function staticAddress(
    name: string,
    args: {
        resourceGroupName: pulumi.Input<string>;
        location: pulumi.Input<string>;
        tags?: Record<string, pulumi.Input<string>>;
    },
    opts?: pulumi.CustomResourceOptions,
): MachineAddress {
    const { id, ipAddress } = new network.PublicIPAddress(
        name,
        {
            ...args,
            sku: { name: network.PublicIPAddressSkuName.Standard },
            publicIPAllocationMethod: network.IPAllocationMethod.Static,
        },
        opts,
    );
    return { id, ipAddress: ipAddress.apply((address) => address ?? "") };
}

function digest(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}
