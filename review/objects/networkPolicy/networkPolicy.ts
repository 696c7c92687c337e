import { Viewed } from "../../rawObject";

/** A port, or a range of ports, that calls may go to. */
export interface PolicyPort {
    number?: number;
    /** The last of a range. */
    end?: number;
    name?: string;
}

/** A peer outside of the cluster that calls may go to. Peers by labels are left out. */
export interface OutsidePeer {
    path: string;
    /** As the object has it. */
    value: string;
    /** The peer's range of addresses; absent where it is every address. */
    cidr?: string;
    except: string[];
}

/** A rule that lets calls out. */
export interface EgressRule {
    /** Path of what names the peers. */
    path: string;
    /** Absent where calls may go to every address. */
    peers?: OutsidePeer[];
    /** Absent where calls may go to every port. */
    ports?: PolicyPort[];
}

/** What any kind of network policy says of calls to the outside. */
export interface NetworkPolicy extends Viewed {
    /** Sets of labels. Each selected pod has all labels of one set; an empty set selects all pods. */
    selections: Record<string, string>[];
    /** The namespace of the selected pods; absent for all namespaces. */
    namespace?: string;
    egress: EgressRule[];
    /** Where kinds have an order: policies of one family are asked in it, and the first rule that fits decides. */
    order?: { family: string; position: number };
    /** Whether it denies every call that its rules do not allow, whatever later policies say. */
    deniesRest: boolean;
}
