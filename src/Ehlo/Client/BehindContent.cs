namespace Ehlo.Client;

/// <summary>What a server does with commands that come in one packet with the end of content (RFC 2920 section 3.1).</summary>
internal enum BehindContent
{
    /// <summary>Not known yet.</summary>
    Unknown,

    /// <summary>It answers them.</summary>
    Answered,

    /// <summary>It loses them.</summary>
    Lost,
}
