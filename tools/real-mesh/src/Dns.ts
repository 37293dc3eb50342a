import { createSocket, type Socket } from 'dgram';
import packet from 'dns-packet';

/** Answers names of the mesh: of Services, of headless ones with their pods, and of hosts that are said to be outside. */
export class Dns {
  static async listen(
    address: string,
    lookUp: (name: string) => readonly string[] | undefined,
  ): Promise<Dns> {
    const socket = createSocket('udp4');
    socket.on('message', (message, from) => {
      const query = packet.decode(message);
      const [question] = query.questions ?? [];
      const addresses = question && lookUp(question.name.toLowerCase());
      const answer = packet.encode({
        type: 'response',
        id: query.id,
        // Authoritative, recursion available; 3: no such name.
        flags:
          packet.AUTHORITATIVE_ANSWER +
          packet.RECURSION_AVAILABLE +
          (addresses ? 0 : 3),
        questions: query.questions,
        answers:
          question?.type === 'A'
            ? (addresses ?? []).map(data => ({
                type: 'A' as const,
                name: question.name,
                ttl: 1,
                data,
              }))
            : [],
      });
      socket.send(answer, from.port, from.address);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(53, address, resolve);
    });
    return new Dns(socket);
  }

  private constructor(private readonly socket: Socket) {}

  close(): void {
    this.socket.close();
  }
}
