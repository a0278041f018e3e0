using System;

namespace Ehlo.Protocol;

/// <summary>
/// Is shown each line of a dialogue, as it is read or written: for a log, or for a console. Secrets are masked before. Called in order,
/// from one thread at a time, in the middle of the session's work: copy what is to be kept, return soon, throw nothing.
/// </summary>
public interface ISessionTrace
{
    /// <summary>A command line, or a response within AUTH, without its CRLF. A SASL response is shown as three asterisks.</summary>
    void Received(ReadOnlySpan<byte> line);

    /// <summary>A reply line, without its CRLF.</summary>
    void Sent(ReadOnlySpan<byte> line);

    /// <summary>Octets of content, as they came over the wire.</summary>
    void ReceivedContent(long octets);
}
