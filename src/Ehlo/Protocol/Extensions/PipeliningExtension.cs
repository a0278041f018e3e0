namespace Ehlo.Protocol;

/// <summary>
/// PIPELINING (RFC 2920). No parameter; always offered. It changes nothing here: a session answers in order all that was read, and the
/// driver sends those replies in one write.
/// </summary>
internal sealed class PipeliningExtension : Extension
{
    public override string Keyword => "PIPELINING";
}
