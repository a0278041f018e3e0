using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>The clients by name, and who of them can do what, for theories.</summary>
public static class AllClients
{
    private static readonly Dictionary<string, MailClient> Clients = new MailClient[]
    {
        new SwaksClient(), new CurlClient(), new SmtplibClient(), new MsmtpClient(),
        new OpensslClient(), new SmtpSourceClient(), new MailKitClient(), new SystemNetMailClient(),
        new EhloClient(usesChunking: true), new EhloClient(usesChunking: false), new EhloSendClient(),
    }.ToDictionary(client => client.Name);

    /// <summary>The names of the clients that can do all of this.</summary>
    public static TheoryData<string> Able(Abilities abilities) =>
        [.. Clients.Values.Where(client => client.Abilities.HasFlag(abilities)).Select(client => client.Name)];

    internal static MailClient Named(string name) => Clients[name];
}
