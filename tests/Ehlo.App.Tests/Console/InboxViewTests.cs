using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class InboxViewTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [Fact]
    public async Task What_was_deleted_elsewhere_is_selected_no_more()
    {
        string first = (await console.AddAsync(ConsoleFixture.Message())).Id;
        string second = (await console.AddAsync(ConsoleFixture.Message())).Id;
        InboxView view = new(console.Seen);
        await view.ShowAsync(InboxQuery.All with { Ids = [first, second] }, null);
        view.SelectPage(true);
        Assert.Equal(2, view.SelectedCount);

        await console.Store.DeleteAsync(first, default);
        await view.ReadAsync(null);
        Assert.Equal(1, view.SelectedCount);
        Assert.Equal([second], view.Chosen(null).Ids);
    }

    [Fact]
    public async Task All_less_one_is_what_can_be_seen_less_it()
    {
        string[] ids = [.. (await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => console.AddAsync(ConsoleFixture.Message())))).Select(m => m.Id)];
        InboxView view = new(console.Seen);
        InboxQuery query = InboxQuery.All with { Ids = ids };
        await view.ShowAsync(query, null);
        view.SelectAll();
        Assert.Equal(query, view.Chosen(null));

        view.Select(ids[0], false);
        Assert.False(view.IsAllSelected);
        Assert.Equal(ids[1..].Order(), view.Chosen(null).Ids!.Order());
    }

    [Fact]
    public async Task Where_nothing_is_selected_the_row_is_meant_and_without_one_nothing()
    {
        string id = (await console.AddAsync(ConsoleFixture.Message())).Id;
        InboxView view = new(console.Seen);
        await view.ShowAsync(InboxQuery.All, null);
        Assert.Equal([id], view.Chosen(id).Ids);
        Assert.Equal(0, await view.DeleteAsync(view.Chosen(null)));
        Assert.NotNull(console.Store.Find(id));
    }
}
