/** A mail server without encryption. It accepts everything and stores each message unchanged. */
export function startSmtpServer() {
  const messages: string[] = []
  const server = Bun.listen<{ inMessage: boolean; text: string }>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open(socket) {
        socket.data = { inMessage: false, text: '' }
        socket.write('220 test ESMTP\r\n')
      },
      data(socket, bytes) {
        const { data } = socket
        data.text += bytes.toString()
        for (let end = ended(data); end >= 0; end = ended(data)) {
          const output = data.text.slice(0, end)
          data.text = data.text.slice(end + (data.inMessage ? 5 : 2))
          if (data.inMessage) messages.push(output)
          data.inMessage = !data.inMessage && output.toUpperCase() === 'DATA'
          socket.write(replyTo(data.inMessage, output))
        }
      },
    },
  })
  return { address: `127.0.0.1:${server.port}`, messages, stop: () => server.stop(true) }
}

const ended = ({ inMessage, text }: { inMessage: boolean; text: string }) =>
  text.indexOf(inMessage ? '\r\n.\r\n' : '\r\n')

function replyTo(inMessage: boolean, output: string): string {
  if (inMessage) return '354 go on\r\n'
  return output.toUpperCase() === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n'
}
