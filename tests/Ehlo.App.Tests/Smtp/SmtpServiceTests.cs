using System;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.App.Tests.Smtp;

/// <summary>The program's SMTP side on a socket, as it is configured.</summary>
public sealed class SmtpServiceTests
{
    [Fact]
    public async Task FUTURERELEASE_is_offered_where_mail_is_submitted()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(
            ("Listeners__0__Endpoint", "127.0.0.1:0"),
            ("Listeners__1__Endpoint", "127.0.0.1:0"),
            ("Listeners__1__Protocol", "Submission"),
            ("Listeners__1__RequireAuthentication", "false"),
            ("Extensions__FutureRelease", "60"));
        string[] plain = await program.TalkAsync(0, "EHLO client.example", "MAIL FROM:<a@client.example> HOLDFOR=60");
        string[] submission = await program.TalkAsync(1, "EHLO client.example", "MAIL FROM:<a@client.example> HOLDFOR=60");
        Assert.DoesNotContain("FUTURERELEASE", plain[1], StringComparison.Ordinal);
        Assert.Contains("\n250 FUTURERELEASE 60 ", submission[1], StringComparison.Ordinal);
        Assert.Equal(["555", "250"], [plain[2][..3], submission[2][..3]]);
    }
}
