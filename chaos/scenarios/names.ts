import { scaledTo } from "../stage/faults";
import { PARTNER_ADDRESSES, hear, refuse, silence } from "../stage/partnerAddresses";
import { pause } from "../stage/pause";
import { Scenario } from "../scenario";

/*
 * The partner's name: nobody answers for it, it has another address, or one of its addresses is dead.
 */

const DNS = { name: "coredns", namespace: "kube-system" };
const [USUAL, OTHER] = PARTNER_ADDRESSES;

export const dnsDown: Scenario = {
    name: "dns-down",
    what: "the cluster's DNS is away for 60 s",
    promised: { text: "0 failed calls: the gateway keeps the addresses that it knows", longestGap: 10 },
    run: (stage) =>
        stage.underLoad(async () => {
            try {
                await scaledTo(stage.cluster, DNS, 0);
                await pause(60);
            } finally {
                await scaledTo(stage.cluster, DNS, 1);
            }
        }),
};

export const addressChanged: Scenario = {
    name: "address-changed",
    what: "the partner moves to another address, and the former one is silent from one moment to the next",
    promised: {
        text: "what was sent over connections to the former address gets no answer; a call that begins 10 s after the time to live of the address, here 5 s, is answered",
        failed: 4000,
        longestGap: 20,
        failing: 15,
    },
    run: (stage) =>
        stage.underLoad(async () => {
            try {
                await stage.resolvePartnerTo([OTHER]);
                await silence(USUAL);
                await pause(30);
            } finally {
                await hear(USUAL);
                await stage.resolvePartnerTo();
                await pause(10);
            }
        }),
};

export const addressRefuses: Scenario = {
    name: "address-refuses",
    what: "the partner has two addresses, and one of them refuses connections",
    promised: {
        text: "calls that are in flight when it begins to refuse; the other address answers all others",
        failed: 30,
        failing: 1,
    },
    run: (stage) =>
        stage.underLoad(async () => {
            try {
                await stage.resolvePartnerTo([USUAL, OTHER]);
                await pause(10);
                await refuse(OTHER);
                await pause(30);
            } finally {
                await stage.resolvePartnerTo();
                await hear(OTHER);
            }
        }),
};

export const addressDead: Scenario = {
    name: "address-dead",
    what: "the partner has two addresses, and one of them is dead",
    promised: {
        text: "0 failed calls: the other address answers; some take 5 s longer, until the dead one is left alone",
    },
    run: (stage) =>
        stage.underLoad(async () => {
            try {
                await silence(OTHER);
                await stage.resolvePartnerTo([USUAL, OTHER]);
                await pause(30);
            } finally {
                await stage.resolvePartnerTo();
                await hear(OTHER);
            }
        }),
};
