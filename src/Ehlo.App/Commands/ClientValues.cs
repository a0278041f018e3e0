using System;
using Ehlo.Client;

namespace Ehlo.App.Commands;

/// <summary>What the options of those commands mean that are a server's client.</summary>
internal static class ClientValues
{
    /// <summary>A value of <c>--tls</c>, which was checked before; null for none.</summary>
    public static ClientTls? Tls(string? name) => name switch
    {
        null => null,
        "none" => ClientTls.None,
        "offered" => ClientTls.WhenOffered,
        "implicit" => ClientTls.Implicit,
        _ => ClientTls.StartTls,
    };

    /// <summary>The same wait for each step but the QUIT of a connection that is closed, which nobody is to wait for.</summary>
    public static SmtpClientTimeouts Timeouts(TimeSpan wait) => new()
    {
        Connect = wait,
        Handshake = wait,
        Greeting = wait,
        Command = wait,
        Rcpt = wait,
        DataStart = wait,
        DataBlock = wait,
        DataEnd = wait,
    };
}
