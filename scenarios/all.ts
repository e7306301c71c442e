import type { Scenario } from './contract'
import killProductService from './kill-product-service'

/** In the order in which `all` plays them. */
export const scenarios: Scenario[] = [killProductService]
