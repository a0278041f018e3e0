using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.App.Smtp;

namespace Ehlo.App;

internal static class Program
{
    private static Task<int> Main(string[] args) => CommandLine.RunAsync(args, SmtpService.StartAsync, ProgramContext.Real());
}
