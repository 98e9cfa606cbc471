// How exactly requests are flown: as a flow that is counted when somebody looks, or one by one.

export const fidelities = ['flow', 'request'] as const
export type Fidelity = (typeof fidelities)[number]
