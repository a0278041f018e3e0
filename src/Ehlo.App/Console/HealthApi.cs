using System.Threading;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>Whether the program is well, for those who run it. They say nothing of mail, so nobody signs in for them.</summary>
/// <param name="store">The inbox.</param>
/// <param name="stopping">Cancelled when the console stops.</param>
internal sealed class HealthApi(InboxStore store, CancellationToken stopping)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => TypedResults.Text("ok\n")).WithMetadata(OpenToAllAttribute.Instance).ExcludeFromDescription();
        routes.MapGet("/readyz", Ready).WithMetadata(OpenToAllAttribute.Instance).ExcludeFromDescription();
    }

    // SMTP is open before the console is.
    private ContentHttpResult Ready()
    {
        if (stopping.IsCancellationRequested) return NotReady("the server is stopping");
        try
        {
            _ = store.Mailboxes();
            return TypedResults.Text("ok\n");
        }
        catch (InboxException)
        {
            return NotReady("the inbox cannot be read");
        }
    }

    private static ContentHttpResult NotReady(string why) =>
        TypedResults.Text($"{why}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
