import http from 'k6/http'

export const options = { vus: 1, iterations: 20 }

export default function once() {
  http.get(__ENV.TARGET)
}
