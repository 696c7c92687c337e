import { Violation } from "../shared/violation";

/** Refuses what is not the object id of a user, a group or a service principal of Entra ID. */
export function validateObjectId(path: string, id: string): Violation[] {
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) && !/^[0-]+$/.test(id)
        ? []
        : [
              {
                  path,
                  value: id,
                  problem: "is not an object id of Entra ID",
                  expected: 'a GUID such as "3f2504e0-4f89-41d3-9a0c-0305e82c3301"',
                  fix: "Set it to the output of: az ad group show --group <name> --query id --output tsv",
              },
          ];
}
