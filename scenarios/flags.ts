// Until branch `faults` is merged: its contract.
export interface Fault {
  value: number
  service?: string
  route?: string
  percent?: number
}
export async function setFault(_file: string, _flag: string, _fault: Fault): Promise<void> {
  throw new Error('faults are not merged yet')
}
export async function clearFaults(_file: string): Promise<void> {}
